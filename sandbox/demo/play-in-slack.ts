import type { SandboxSlack } from '../slack/start-slack.ts';
import type { Sandbox } from '../start-sandbox.ts';
import { deleteNamespace, fail, findUnready, indent, NAMESPACE, say, until } from './watch-cluster.ts';

const CHANNEL = 'incidents';

/** Plays the main job as the channel sees it: `oncall` asks, `lead` approves, Muster restores and verifies. Returns the exit code. */
export async function playInSlack(sandbox: Sandbox): Promise<number> {
  const { slack } = sandbox;
  if (slack === undefined) return fail('there is no Slack');
  if (!(await sandbox.awaitBot())) return fail('the bot did not come up');

  say(`Somebody deletes the namespace:\n$ kubectl delete namespace ${NAMESPACE}`);
  await deleteNamespace(sandbox);
  say(`namespace "${NAMESPACE}" deleted\n`);

  const command = `restore namespace ${NAMESPACE}`;
  say(`@oncall, in #${CHANNEL}:  /dr ${command}`);
  const asked = await slack.deliver.command('oncall', CHANNEL, '/dr', command);
  say(`(acknowledged in ${Math.round(asked.tookMs)} ms)\n`);

  if (!(await until(() => findButton(slack, 'Approve') !== undefined))) return fail('the plan did not come');
  say(`@lead, who is asked by name, reads the plan and presses Approve:\n\n${indent(newest(slack))}\n`);
  const { asks = '' } = findButton(slack, 'Approve') ?? {};
  say(`Slack asks: ${asks}\n@lead:  yes\n`);
  await slack.deliver.click({ user: 'lead', channel: CHANNEL, button: 'Approve', confirm: true });

  const over = await until(() => findReport(slack) !== undefined);
  // The card is edited a last time after the report, and the report's file follows it.
  await until(() => !/\*running\*/.test(slack.renderChannel(CHANNEL)) && slack.files().length > 0, 5_000);
  say(`And this is #${CHANNEL}, as oncall reads it:\n\n${indent(slack.renderChannel(CHANNEL, { as: 'oncall' }))}\n`);
  if (!over) return fail('the run did not end in time');
  if (findReport(slack)?.includes('*RECOVERED and verified') !== true) return fail('the namespace is not verified');
  return judge(sandbox, slack);
}

/** Muster's word is not enough for the demo either. */
function judge(sandbox: Sandbox, slack: SandboxSlack): number {
  const lost = findUnready(sandbox);
  if (lost.length > 0) return fail(`the cluster itself says otherwise: ${lost.join(', ')}`);
  const wrong = slack.violations();
  if (wrong.length > 0) return fail(`Slack would not have shown all of it: ${wrong.join('; ')}`);
  const restores = sandbox.cluster.velero.restoresSeen().length;
  say(`The demo is over: ${NAMESPACE} is back, verified, with ${restores} Restore.`);
  return restores === 1 ? 0 : fail(`Velero saw ${restores} Restores`);
}

function findButton(slack: SandboxSlack, label: string) {
  return slack.pressable(CHANNEL).find((it) => it.label === label);
}

/** The message that says how it ended; the card, which is edited, says it too. */
function findReport(slack: SandboxSlack): string | undefined {
  const said = slack.renderMessages(CHANNEL).map(({ text }) => text);
  return said.find(
    (text) => /\*(RECOVERED|NOT RECOVERED|ABORTED|REFUSED|EXPIRED)/.test(text) && !text.includes('(edited)'),
  );
}

/** The newest message, as people see it. */
function newest(slack: SandboxSlack): string {
  return slack.renderMessages(CHANNEL).at(-1)?.text ?? '';
}
