import { judgePersistence } from '../../domain/judge-redis.ts';
import { defineExamination } from '../examination.ts';

/** Whether Redis still manages to write to its disk. */
export const examination = defineExamination({
  name: 'redis persistence',
  about: 'installation',
  examine: async ({ inspectRedis, signal }) => [judgePersistence('redis persistence', await inspectRedis(signal))],
});
