/** Tokens that Slack and HTTP clients put into messages, whoever they belong to. */
const TOKEN = /\b(xox[a-z]-[\w-]+|xapp-[\w-]+|Bearer\s+[\w.~+/-]+=*)/g;

/** The text without any of the secrets, and without anything that looks like a token. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 4)
      clean = clean.replaceAll(secret, '[redacted]').replaceAll(JSON.stringify(secret).slice(1, -1), '[redacted]');
  }
  return clean.replace(TOKEN, '[redacted]');
}

/** The same for all texts of something that is written as JSON. */
export function scrubAll<T>(value: T, secrets: readonly string[]): T {
  return JSON.parse(scrub(JSON.stringify(value), secrets)) as T;
}
