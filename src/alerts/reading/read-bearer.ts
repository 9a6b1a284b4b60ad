import { createHash, timingSafeEqual } from 'node:crypto';
import type { Webhook, WebhookRefusal, WebhookSecrets } from '../../incident-contracts.ts';

/** undefined where the sender has shown the token; takes as long whatever is wrong with it. */
export function refuseBearer({ headers }: Webhook, { bearer }: WebhookSecrets): WebhookRefusal | undefined {
  if (bearer === undefined || bearer === '')
    return { status: 401, why: 'ALERT_WEBHOOK_TOKEN is not set here, so nothing is taken.' };
  const { authorization } = headers;
  const given = typeof authorization === 'string' ? /^bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
  if (given === undefined) return { status: 401, why: 'Send "Authorization: Bearer <ALERT_WEBHOOK_TOKEN>".' };
  return timingSafeEqual(hash(given), hash(bearer)) ? undefined : { status: 401, why: 'The bearer token is wrong.' };
}

/** Hashes are of one length, so that a comparison tells nothing of the token's. */
function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
