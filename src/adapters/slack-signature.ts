import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far Slack's clock and ours may be apart, s: an older request is a replay. */
const TOLERANCE_S = 300;

/** Header values by name in lower case, each as often as it was sent. */
export type DistinctHeaders = Readonly<Record<string, string[] | undefined>>;

/** True when these very bytes were signed with the secret within the last five minutes. A missing or repeated header is a refusal. */
export function isSigned(secret: string, headers: DistinctHeaders, raw: Buffer, nowMs: number): boolean {
  const timestamp = only(headers['x-slack-request-timestamp']);
  const signature = only(headers['x-slack-signature']);
  if (secret === '' || timestamp === undefined || signature === undefined) return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(raw).digest();
  const given = /^v0=[0-9a-f]{64}$/.test(signature) ? Buffer.from(signature.slice(3), 'hex') : Buffer.alloc(0);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function only(values: string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}
