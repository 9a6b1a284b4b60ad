import type { SandboxPagerDuty } from '../../sandbox/pagerduty/start-pagerduty.ts';
import type { SandboxSlack } from '../../sandbox/slack/start-slack.ts';
import { type CallWatch, watchCalls } from './call-watch.ts';

type CallArguments = Parameters<Parameters<SandboxSlack['onCall']>[0]>[0]['args'];
type PagerCall = Parameters<Parameters<SandboxPagerDuty['onCall']>[0]>[0];

const SLACK_EFFECT =
  /^(chat\.(postMessage|update)|conversations\.(create|invite|setTopic|setPurpose)|bookmarks\.add|pins\.add)$/;

/**
 * What an incident asks of Slack and PagerDuty, as `chat.postMessage remind:1`, `conversations.create`, `PUT /incidents/{id} acknowledged`;
 * of questions only those that an effect consists of: `GET /oncalls`.
 */
export function watchIncidentCalls(slack: SandboxSlack, pagerDuty: SandboxPagerDuty): CallWatch[] {
  const ofSlack = watchCalls();
  slack.onCall(({ method, phase, args }) =>
    ofSlack.see({
      ...{ phase, id: args },
      what: SLACK_EFFECT.test(method) ? nameSlackCall(slack, method, args) : undefined,
      isLookFor: (what) =>
        method === (what === 'conversations.create' ? 'conversations.list' : 'conversations.history'),
    }),
  );
  const ofPagerDuty = watchCalls();
  pagerDuty.onCall((call) =>
    ofPagerDuty.see({
      ...{ phase: call.phase, id: call.query },
      what: namePagerCall(call),
      isLookFor: (what) => what === 'POST /incidents' && call.operation === 'GET /incidents',
    }),
  );
  return [ofSlack, ofPagerDuty];
}

/** The effect whose message it is, `announce` or `remind:1`, by what marks it in Slack. */
export function effectOfMessage(metadata: unknown): { incident: string; key: string } | undefined {
  const held: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
  const { event_payload: payload } = (held ?? {}) as { event_payload?: { key?: string } };
  const [kind, incident, key] = payload?.key?.split('/') ?? [];
  return kind === 'incident' && incident !== undefined && key !== undefined ? { incident, key } : undefined;
}

function nameSlackCall(slack: SandboxSlack, method: string, args: CallArguments): string {
  if (method === 'chat.postMessage') return `${method} ${effectOfMessage(args['metadata'])?.key}`;
  if (method === 'conversations.invite') return `${method} ${String(args['users'])}`;
  if (method !== 'chat.update') return method;
  const edited = slack.channel(String(args['channel'])).messages();
  return `${method} ${effectOfMessage(edited.find(({ ts }) => ts === args['ts'])?.metadata)?.key}`;
}

function namePagerCall({ operation, request }: PagerCall): string | undefined {
  const { incident, event_action: action } = (request ?? {}) as {
    incident?: { status?: string };
    event_action?: string;
  };
  if (operation === 'PUT /incidents/{id}') return `${operation} ${incident?.status ?? 'escalated'}`;
  if (operation === 'POST /v2/enqueue') return `${operation} ${action}`;
  return ['POST /incidents', 'POST /incidents/{id}/notes', 'GET /incidents/{id}', 'GET /oncalls'].includes(operation)
    ? operation
    : undefined;
}
