import { scrub } from './scrub.ts';

/** What in a log is a secret by its looks. Best effort: a log may hold one that looks like nothing. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted private key]'],
  // `password=x`, `"apiKey": "x"`, `AWS_SECRET_ACCESS_KEY: x`; the name is kept.
  [
    /(["']?[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?[\w.-]*["']?\s*[:=]\s*)("[^"\n]*"|'[^'\n]*'|[^\s,;}&)]+)/gi,
    '$1[redacted]',
  ],
  [/(\b(?:authorization|proxy-authorization|cookie|set-cookie)["']?\s*[:=]\s*["']?)[^"'\n]+/gi, '$1[redacted]'],
  // `postgres://user:password@host`
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+(@)/gi, '$1[redacted]$2'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[redacted]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[redacted]'],
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|sk-[\w-]{20,})/g, '[redacted]'],
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
