import type { Muster } from './compose.ts';
import { type Config, listSecrets } from './config.ts';
import type { IncidentView } from './domain/incident.ts';
import { scrub, scrubAll } from './domain/scrub.ts';
import { createChatGate } from './engine/chat-gate.ts';
import type { IncidentDeps } from './engine/incident-deps.ts';
import { createTroubleLog } from './engine/trouble-log.ts';
import { unconfigured } from './engine/unconfigured.ts';
import { unlessBusy } from './engine/unless-busy.ts';
import { coerceError } from './errors.ts';
import type { Pager, PagerEvents, Rooms } from './incident-ports.ts';
import type { Chat } from './ports.ts';
import { describeNewestBackup } from './reading/newest-backup.ts';
import { renderDraft } from './views/incident/draft.ts';
import { renderIncidentMessage } from './views/slack/incident/render-incident-message.ts';

/** How messages go out, where there is a Slack. */
type Saying = Pick<IncidentDeps, 'chat' | 'rooms' | 'gate'>;

/** What it takes to drive incidents; without a Slack nothing is said, and PagerDuty pages all the same. */
export function describeIncidentWork(config: Config, muster: Muster, slack: Saying | undefined): IncidentDeps {
  const { engine, incidents } = muster;
  const { ledger, clock, log, worker } = engine;
  const secrets = listSecrets(config);
  const { chat, rooms, gate } = slack ?? {
    chat: unconfigured<Chat>('Slack'),
    rooms: unconfigured<Rooms>('Slack'),
    gate: createChatGate(clock),
  };
  return {
    ...{ ledger, clock, log, worker, chat, rooms, gate },
    effects: incidents.effects,
    settings: incidents.engine.settings,
    pager: incidents.engine.pager ?? unconfigured<Pager>("PagerDuty's REST API"),
    events: incidents.events ?? unconfigured<PagerEvents>("PagerDuty's Events API"),
    onTrouble: createTroubleLog(log, clock, 'trouble with an incident'),
    render: (key, context) => scrubAll(renderIncidentMessage(key, context), secrets),
    draftUpdate: (context) => scrub(renderDraft(context), secrets),
    progressOf: (run, signal) => muster.runs.progress(run, signal),
    runsOf: (view) => incidents.engine.runs(view),
    describeBackup: unlessBusy((view, signal) => describeBackup(muster, view, signal)),
  };
}

/** How long it may take to find the newest usable backup, ms: it takes up to four downloads. */
const BACKUP_LIMIT_MS = 60_000;

async function describeBackup(
  { engine }: Muster,
  { state }: IncidentView,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { target } = state.opening;
  if (target === undefined) return undefined;
  const { clusters, homes, download, clock } = engine;
  const late = AbortSignal.any([signal, AbortSignal.timeout(BACKUP_LIMIT_MS)]);
  try {
    const reader = { cluster: await clusters(target.cluster), homes, download, clock, signal: late };
    return await describeNewestBackup(reader, target.namespace, state.declaredAt);
  } catch (thrown) {
    return `The newest backup of ${target.namespace} could not be looked up: ${coerceError(thrown).message}`;
  }
}
