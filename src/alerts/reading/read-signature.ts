import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Webhook, WebhookRefusal, WebhookSecrets } from '../../incident-contracts.ts';

/** PagerDuty sends one signature for each of its secrets; more than a rotation has are not looked at. */
const MOST_SIGNATURES = 8;

/** undefined where one of the signatures over these very bytes was made with one of our secrets, which commas divide. */
export function refuseUnsigned({ headers, body }: Webhook, { pagerDuty }: WebhookSecrets): WebhookRefusal | undefined {
  const secrets = (pagerDuty ?? '')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  if (secrets.length === 0)
    return { status: 401, why: 'PAGERDUTY_WEBHOOK_SECRET is not set here, so nothing is taken.' };
  const header = headers['x-pagerduty-signature'];
  const given = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',', MOST_SIGNATURES)
    .flatMap((signature) => /^v1=([0-9a-f]{64})$/i.exec(signature.trim())?.[1] ?? [])
    .map((hex) => Buffer.from(hex, 'hex'));
  if (given.length === 0) return { status: 401, why: 'There is no signature: X-PagerDuty-Signature: v1=<hex>.' };
  const fitting = secrets
    .map((secret) => createHmac('sha256', secret).update(body).digest())
    .flatMap((expected) => given.map((signature) => timingSafeEqual(signature, expected)));
  if (fitting.includes(true)) return undefined;
  return { status: 401, why: 'No signature in X-PagerDuty-Signature fits this body and PAGERDUTY_WEBHOOK_SECRET.' };
}
