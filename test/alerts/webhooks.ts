import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertSource, Webhook, WebhookSecrets } from '../../src/incident-contracts.ts';
import { loadDirectory } from '../../src/registry.ts';

const ROOT = join(import.meta.dirname, '../..');
export const sources = await loadDirectory<AlertSource>(join(ROOT, 'src/alerts'), 'source');

export const SECRETS: WebhookSecrets = { bearer: 'b3arer-of-the-test', pagerDuty: 'new-secret, old-secret' };
/** When the recorded payloads came. */
export const NOW = Date.parse('2026-11-26T17:45:00Z');

export function recorded(name: string): Buffer {
  return readFileSync(join(ROOT, 'test/fixtures/alerts', `${name}.json`));
}

export function sign(body: Buffer | string, secret = 'new-secret'): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The headers that prove to this source who sent the body. */
export function proofFor(source: string, body: Buffer | string): Record<string, string> {
  return source === 'pagerduty'
    ? { 'x-pagerduty-signature': sign(body) }
    : { authorization: `Bearer ${SECRETS.bearer}` };
}

export function sourceOf(name: string): AlertSource {
  const source = sources.get(name);
  if (source === undefined) throw new Error(`there is no source ${name}`);
  return source;
}

export function webhookOf(body: Buffer | string, headers: Webhook['headers'] = {}): Webhook {
  return { body: Buffer.from(body), headers, at: NOW };
}

/** What the source makes of a body; a refusal fails the test that did not expect it. */
export function itemsOf(name: string, body: Buffer | string) {
  const parsed = sourceOf(name).parse(webhookOf(body));
  if ('why' in parsed) throw new Error(parsed.why);
  return parsed.items;
}

export function refusalOf(name: string, body: Buffer | string): string {
  const parsed = sourceOf(name).parse(webhookOf(body));
  return 'why' in parsed ? `${parsed.status} ${parsed.why}` : 'taken';
}
