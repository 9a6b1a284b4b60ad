import type { Delivery } from '../../../sandbox/slack/deliveries/courier.ts';
import { eventually, NAMESPACE } from '../world.ts';
import type { SlackWorld } from './open-slack.ts';
import { PATIENCE_MS } from './patience.ts';

/** What people do in Slack, and what only they are told. */

export const LATE = 'Working on it; the answer follows.';

/** Waits until the bot says that all it stands on answers: its first answer may wait while it loads its clients. */
export async function untilReady({ sandbox }: SlackWorld): Promise<void> {
  const url = `http://127.0.0.1:${sandbox.env['PORT']}/readyz`;
  await eventually(
    'the bot is ready',
    async () => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
      return answer?.status === 200 || undefined;
    },
    PATIENCE_MS,
  );
}

/** Types `/dr`; answers what the person is told, at once or late. */
export function type(world: SlackWorld, user: string, text: string, channel = 'incidents'): Promise<string> {
  return told(world, user, () => world.slack.deliver.command(user, channel, '/dr', text));
}

/** Asks for the namespace; answers the run. */
export async function askInSlack(
  world: SlackWorld,
  { user = 'oncall', channel = 'incidents', more = '' } = {},
): Promise<string> {
  const text = await type(world, user, `restore namespace ${NAMESPACE}${more}`, channel);
  const run = /Run ([a-z0-9]{6}):/.exec(text)?.[1];
  if (run === undefined) throw new Error(`no run was begun: ${text}`);
  return run;
}

/** Presses the run's button and says yes to its dialog; answers what the person is told. */
export async function press(
  world: SlackWorld,
  user: string,
  label: string,
  run: string,
  channel = 'incidents',
): Promise<string> {
  const { ts } = await buttonOf(world, label, run, channel);
  return told(world, user, () =>
    world.slack.deliver.click({ user, channel, ts, button: label, confirm: true }).then((delivery) => {
      if (delivery === undefined) throw new Error('the click was not sent');
      return delivery;
    }),
  );
}

/** Sends a press as it was on the screen once, changed in any way; answers what the person is told. */
export function sendPress(
  world: SlackWorld,
  user: string,
  payload: Parameters<SlackWorld['slack']['deliver']['payload']>[0],
): Promise<string> {
  return told(world, user, () => world.slack.deliver.payload(payload));
}

/** Waits for the newest button of that label that acts on the run. */
export function buttonOf(world: SlackWorld, label: string, run: string, channel = 'incidents') {
  return eventually(
    `a button ${label} for run ${run}`,
    () =>
      world.slack
        .pressable(channel)
        .findLast((button) => button.label === label && button.value?.split(' ')[1] === run),
    PATIENCE_MS,
  );
}

/** Does it, checks that Slack was answered in time, and waits for what the person is told. */
export async function told(world: SlackWorld, user: string, act: () => Promise<Delivery>): Promise<string> {
  const before = heard(world, user).length;
  const { status, error, tookMs } = await act();
  if (status !== 200 || error !== undefined)
    throw new Error(`Slack got ${status ?? 'no answer'} (${error}) after ${tookMs} ms`);
  return eventually(`an answer to ${user}`, () => heard(world, user).slice(before)[0], PATIENCE_MS);
}

/** All that only this person was shown, without the words that the answer is late. */
export function heard({ slack }: SlackWorld, user: string): string[] {
  return slack.ephemerals(user).flatMap(({ message }) => (message.text === LATE ? [] : [message.text]));
}
