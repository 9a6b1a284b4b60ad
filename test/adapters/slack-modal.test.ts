import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SandboxSlack, startSlack } from '../../sandbox/slack/start-slack.ts';
import { type HttpServer, startHttp } from '../../src/adapters/http.ts';
import { createSlack, type Slack } from '../../src/adapters/slack.ts';
import type { AnswerDelivery, Delivery } from '../../src/domain/delivery.ts';
import type { Modal } from '../../src/domain/modal.ts';
import { coerceError } from '../../src/errors.ts';
import { patient } from './slack-world.ts';

const MODAL: Modal = {
  title: 'A title that is far too long for Slack',
  submit: 'Declare',
  intro: 'Whoever is on call is paged.',
  command: 'declare',
  inputs: [
    { id: 'title', label: 'What is wrong', hint: 'In a few words', as: 'argument', type: 'multiline', maxLength: 200 },
    {
      ...{ id: 'severity', label: 'Severity', as: 'option', type: 'select', initial: 'sev2' },
      choices: ['sev1', 'sev2', 'sev3'].map((value) => ({ value, label: `${value}: ${'x'.repeat(90)}` })),
    },
    { id: 'service', label: 'Service', as: 'option', type: 'text', optional: true, initial: 'shop' },
    { id: 'private', label: 'Private', as: 'option', type: 'checkbox', text: 'Only who is invited sees it' },
  ],
};

describe.each([true, false])('a form, with Socket Mode: %s', (socketMode) => {
  let slack: SandboxSlack;
  let muster: Slack;
  let http: HttpServer;
  let deliveries: Delivery[];
  let log: string[];
  let answer: AnswerDelivery;

  beforeEach(async () => {
    slack = await startSlack({ socketMode });
    deliveries = [];
    log = [];
    answer = async (delivery) => {
      if (delivery.kind === 'command') await muster.chat.openModal(delivery.id, MODAL, delivery.channel, patient());
      return { text: '', recorded: undefined };
    };
    const write = (facts: object, message: string) => void log.push(`${message} ${JSON.stringify(facts)}`);
    muster = createSlack({
      botToken: slack.botToken,
      way: socketMode ? { appToken: slack.appToken } : { signingSecret: slack.signingSecret },
      apiUrl: slack.url,
      answer: (delivery, signal) => {
        deliveries.push(delivery);
        return answer(delivery, signal);
      },
      log: { info: write, warn: write, error: write },
    });
    http = await startHttp('127.0.0.1', 0, muster.routes, () => undefined);
    slack.pointAt(`http://127.0.0.1:${http.port}/slack/events`);
    await expect.poll(() => muster.trouble(), { timeout: 5_000 }).toBeUndefined();
  });
  afterEach(async () => {
    await muster.close();
    await http.close();
    await slack.close();
    expect(slack.violations()).toEqual([]);
  });

  const open = async () => {
    expect(await slack.deliver.command('oncall', 'random', '/dr', 'declare')).toMatchObject({ status: 200 });
    const [view] = slack.views('oncall');
    if (view === undefined) throw new Error('no modal is open');
    return view;
  };
  const submit = (values: Record<string, string>) => slack.deliver.submitView({ user: 'oncall', values });
  const FILLED = { title: 'a <b> & "c"\nd', severity: 'sev1', private: 'yes' };

  test('is one that Slack takes, and comes back as a command line from where it was opened', async () => {
    await open();
    answer = async () => ({ text: '', recorded: true });
    await submit(FILLED);
    expect(deliveries.at(-1)).toMatchObject({
      kind: 'modal',
      user: slack.users.oncall,
      channel: slack.channels.random,
      text: 'declare --severity=sev1 --service=shop --private -- "a &lt;b&gt; &amp; \\"c\\"\nd"',
      fields: ['title', 'severity', 'service', 'private'],
    });
    expect(slack.views('oncall')).toEqual([]);
  });

  test('says what is wrong beside the field it is about, and stays open', async () => {
    await open();
    answer = async () => ({ text: ':warning: There is no sev9 (--severity).\nNext: a &lt;b&gt;', recorded: false });
    await submit(FILLED);
    expect(slack.views('oncall')[0]?.errors).toEqual({ severity: 'There is no sev9 (--severity).\nNext: a <b>' });
    answer = async () => ({ text: `It needs a title. ${'x'.repeat(5_000)}`, recorded: false });
    await submit(FILLED);
    expect(Object.keys(slack.views('oncall')[0]?.errors ?? {})).toEqual(['title']);
    expect(deliveries.map(({ id }) => id)).toHaveLength(new Set(deliveries.map(({ id }) => id)).size);
  });

  test('shows the answer in its own place', async () => {
    await open();
    answer = async () => ({
      text: 'Declared.',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Declared.*' } }],
      recorded: true,
    });
    await submit(FILLED);
    expect(JSON.stringify(slack.views('oncall')[0]?.view)).toContain('*Declared.*');
  });

  test('says so when the answer is late, and shows it then', { timeout: 30_000 }, async () => {
    await open();
    const { promise, resolve } = Promise.withResolvers<void>();
    answer = async () => {
      await promise;
      return { text: 'Declared at last.', recorded: true };
    };
    await submit(FILLED);
    expect(JSON.stringify(slack.views('oncall')[0]?.view)).toContain('Working on it');
    resolve();
    await expect
      .poll(() => JSON.stringify(slack.views('oncall')[0]?.view), { timeout: 10_000 })
      .toContain('Declared at last.');
  });

  test('is refused when its trigger is used up, or nobody waits any more', async () => {
    await open();
    const [command] = deliveries;
    const again = muster.chat.openModal(command?.id ?? '', MODAL, undefined, patient());
    expect(await again.catch(coerceError)).toMatchObject({ code: 'CHAT_REFUSED', retryable: false });
  });

  test.each(socketMode ? [''] : ['', 'no json', '{"command":1}', '{"command":"x","inputs":[{"id":"a","as":"root"}]}'])(
    'a submission of another form is not taken: %j',
    async (private_metadata) => {
      const { id } = await open();
      const before = deliveries.length;
      await slack.deliver.payload({
        ...{ type: 'view_submission', trigger_id: '1.2.x', team: { id: slack.team.id }, user: { id: slack.users.dba } },
        view: { id, callback_id: 'dr-modal', private_metadata, state: { values: {} } },
      });
      expect(deliveries).toHaveLength(before);
    },
  );
});
