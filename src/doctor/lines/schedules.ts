import { SCHEDULE_LABEL } from '../../domain/choose-backup.ts';
import { unchecked, warning } from '../../domain/diagnosis.ts';
import { judgeSchedule } from '../../domain/judge-schedule.ts';
import { Backup, Schedule } from '../../domain/velero.ts';
import { lookFor } from '../../steps/preflight/look-for.ts';
import { defineExamination } from '../examination.ts';

/** Whether backups are made when they are due: one line for each Schedule. */
export const examination = defineExamination({
  name: 'schedules',
  about: 'cluster',
  examine: async (context) => {
    const { homes, clock, nameLine } = context;
    const scope = { namespace: homes.veleroNamespace };
    const [schedules, backups] = await Promise.all([
      lookFor(context, Schedule, scope),
      lookFor(context, Backup, scope),
    ]);
    const [unseen] = [...schedules.unseen, ...backups.unseen];
    if (unseen !== undefined) return [unchecked(nameLine('schedules'), unseen)];
    if (schedules.items.length === 0) {
      const remedy = 'Create one: velero schedule create daily --schedule "0 3 * * *"';
      return [warning(nameLine('schedules'), 'there is none: no backup is made by itself', remedy)];
    }
    return schedules.items.map((schedule) => {
      const { name } = schedule.metadata;
      const own = backups.items.filter(({ metadata }) => metadata.labels?.[SCHEDULE_LABEL] === name);
      return judgeSchedule(nameLine(`schedule ${name}`), schedule, own, clock.now());
    });
  },
});
