import { findFlaw, newestFirst, SCHEDULE_LABEL } from './choose-backup.ts';
import type { Refusal } from './plan.ts';
import { didYouMean } from './suggest.ts';
import type { Backup, Schedule } from './velero.ts';

export type ScheduleChoice = { ok: true; schedule: Schedule } | { ok: false; refusal: Refusal };

export interface ScheduleWish {
  namespace: string;
  /** An exact name, or undefined. */
  schedule: string | undefined;
  /** In ms since 1970. */
  now: number;
}

/**
 * Whose template a backup is made from: the one that was named, else that of the newest backup that can restore the namespace, else the
 * first by name whose template takes the namespace in whole.
 */
export function chooseSchedule(
  schedules: readonly Schedule[],
  backups: readonly Backup[],
  wish: ScheduleWish,
): ScheduleChoice {
  const { namespace } = wish;
  const named = schedules.find(({ metadata }) => metadata.name === wish.schedule);
  const names = schedules.map(({ metadata }) => metadata.name);
  if (wish.schedule !== undefined && named === undefined)
    return refuse(
      `There is no Schedule "${wish.schedule}"; ${didYouMean(wish.schedule, names)}.`,
      'Correct --schedule.',
    );
  const flaw = named === undefined ? undefined : flawOf(named, wish);
  if (flaw !== undefined)
    return refuse(
      `Schedule ${wish.schedule} cannot back up ${namespace} whole: it ${flaw}.`,
      'Name another, or leave --schedule out.',
    );
  if (named !== undefined) return { ok: true, schedule: named };
  const fitting = schedules
    .filter((schedule) => flawOf(schedule, wish) === undefined)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const usual = newestFirst(backups, undefined)
    .filter((backup) => findFlaw(backup, wishOf(wish)) === undefined)
    .flatMap(({ metadata }) => fitting.filter((it) => it.metadata.name === metadata.labels?.[SCHEDULE_LABEL]));
  const schedule = usual[0] ?? fitting[0];
  if (schedule !== undefined) return { ok: true, schedule };
  return refuse(
    `No Schedule takes in ${namespace} whole, so there is no template to go by.`,
    'Create one (velero schedule create), or back up by hand: velero backup create',
  );
}

function wishOf({ namespace, now }: ScheduleWish) {
  return { namespace, now, backup: undefined, schedule: undefined, since: undefined, partiallyFailed: false };
}

/** Why a backup by this template would not hold the namespace whole. */
function flawOf({ metadata, spec }: Schedule, wish: ScheduleWish): string | undefined {
  const template = (spec.template ?? {}) as Backup['spec'] & { labelSelector?: unknown; orLabelSelectors?: unknown };
  if (template.labelSelector || template.orLabelSelectors) return 'takes only objects with certain labels';
  return findFlaw({ metadata, spec: template, status: { phase: 'Completed' } }, wishOf(wish));
}

/** The template's own words for one namespace: hooks, ttl, data movement and storage location carry over. */
export function narrowTemplate({ spec }: Schedule, namespace: string): Record<string, unknown> {
  const { excludedNamespaces: _, ...template } = spec.template ?? {};
  return { ...template, includedNamespaces: [namespace] };
}

function refuse(message: string, action: string): ScheduleChoice {
  return { ok: false, refusal: { code: 'PLAN_REFUSED', message, action } };
}
