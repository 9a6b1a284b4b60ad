import { scrub } from './scrub.ts';

/**
 * What in a log is a secret by its looks. Best effort: a log may hold one that looks like nothing. Every repetition is bounded, or begins
 * where nothing of its own kind stands before it, so that no line takes long.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
    '[redacted private key]',
  ],
  [/(\b(?:proxy-)?(?:authorization|(?:set-)?cookie)["']?\s{0,8}[:=]\s{0,8}["']?)[^"'\n]+/gi, '$1[redacted]'],
  // `password=x`, `"apiKey": "x"`, `AWS_SECRET_ACCESS_KEY: x`; the name is kept.
  [
    /((?:passw(?:or)?d|passphrase|secret|token|(?:api|access|private)[_-]?key|credential)[\w.-]{0,40}["']?\s{0,8}[:=]\s{0,8})("[^"\n]{0,4000}"|'[^'\n]{0,4000}'|[^\s,;}&)]+)/gi,
    '$1[redacted]',
  ],
  // `postgres://user:password@host`
  [/(:\/\/[^\s:/@]{0,200}:)[^\s@/]{1,1000}(@)/g, '$1[redacted]$2'],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[redacted]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[redacted]'],
  [/(?<![\w-])(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|sk-[\w-]{20,})/g, '[redacted]'],
  [/([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|sig|signature)=)[^&\s"']+/gi, '$1[redacted]'],
];

/** Terminal control, by which a log could write over what a person reads. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

export function redactLog(text: string): string {
  const plain = text.replaceAll('\r\n', '\n').replace(CONTROL, '');
  return scrub(
    SECRETS.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), plain),
    [],
  );
}
