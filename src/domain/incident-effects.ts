import type { EffectResult, IncidentEvent } from './incident-events.ts';

/** What Muster does about an incident. Each has a file of its name in `src/effects`. */
export const EFFECTS = [
  'page',
  'page-by-event',
  'page-aloud',
  'change-page',
  'find-on-call',
  'match-on-call',
  'open-room',
  'post-card',
  'pin-card',
  'set-topic',
  'set-purpose',
  'add-bookmark',
  'invite',
  'announce',
  'tell',
  'remind',
  'post-update',
] as const;
export type EffectName = (typeof EFFECTS)[number];

/** One effect, as its events tell. */
export interface EffectState {
  attempt: number;
  /** Milliseconds since 1970, of the last attempt. */
  begunAt: number;
  /** True while it is not known whether the last attempt took effect. */
  inDoubt: boolean;
  doneAt?: number;
  result?: EffectResult;
  /** The target will never take it. */
  refused?: string;
  /** Why it is late, newest last; each reason once. */
  delayed: string[];
}

/** `invite:U123`: the effect, and of what where there can be several. */
export function effectKey(name: EffectName, of?: string | number): string {
  return of === undefined ? name : `${name}:${of}`;
}

export function effectOf(key: string): { name: EffectName; of: string } {
  const [name = '', ...of] = key.split(':');
  return { name: name as EffectName, of: of.join(':') };
}

export function foldEffects(events: readonly IncidentEvent[]): Map<string, EffectState> {
  const effects = new Map<string, EffectState>();
  for (const event of events) {
    switch (event.type) {
      case 'effects.begun':
        for (const { key, attempt } of event.effects) {
          const delayed = effects.get(key)?.delayed ?? [];
          effects.set(key, { attempt, begunAt: event.at, inDoubt: true, delayed });
        }
        break;
      case 'effect.done':
        merge(effects, event.key, { inDoubt: false, doneAt: event.at, result: event.result });
        break;
      case 'effect.refused':
        merge(effects, event.key, { inDoubt: false, refused: event.why });
        break;
      case 'effect.delayed':
        effects.get(event.key)?.delayed.push(event.why);
        break;
    }
  }
  return effects;
}

function merge(effects: Map<string, EffectState>, key: string, more: Partial<EffectState>): void {
  const known = effects.get(key);
  if (known !== undefined) effects.set(key, { ...known, ...more });
}
