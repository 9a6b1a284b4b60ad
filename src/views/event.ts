import { renderActor } from '../domain/actor.ts';
import type { ForeignEvent } from '../domain/ledger.ts';
import type { RunEvent } from '../domain/run-events.ts';
import { utc } from './run.ts';

/** One line for what just happened; none for what is shown in another way. */
export function renderEvent(event: RunEvent | ForeignEvent): string[] {
  const text = describeEvent(event);
  if (text === undefined) return [];
  return ['at' in event ? `${utc(event.at).slice(11)} ${text}` : text];
}

function describeEvent(event: RunEvent | ForeignEvent): string | undefined {
  switch (event.type) {
    case 'run.planned':
      return 'Planned; nothing was changed.';
    case 'run.approved':
      return `${event.breakGlass ? 'BREAK-GLASS approval' : 'Approved'} by ${renderActor(event.by)}${event.reason === undefined ? '' : `: ${event.reason}`}`;
    case 'run.started':
      return 'Started; the target is held by this run.';
    case 'step.started':
      return `Step ${event.step} started.`;
    case 'step.adopted':
      return `Step ${event.step}: another worker took over and looks before it does anything.`;
    case 'step.succeeded':
      return `Step ${event.step} done: ${event.evidence}`;
    case 'step.failed':
      return `Step ${event.step} FAILED: ${event.error.message}`;
    case 'run.parked':
      return `Parked: ${event.error.message} Next: ${event.error.action}`;
    case 'run.retried':
      return `Told to go on by ${renderActor(event.by)}.`;
    case 'run.abort-requested':
      return `Told to stop by ${renderActor(event.by)}.`;
    case 'run.rejected':
      return `Rejected by ${renderActor(event.by)}${event.reason === '' ? '' : `: ${event.reason}`}`;
    case 'run.recovered':
      return `Redis had lost this run; found again from ${event.from}. Nothing is repeated.`;
    case 'foreign':
      return `A newer Muster wrote ${event.wrote}; this version keeps its hands off.`;
    default:
      return undefined;
  }
}
