import { judgeRedisServer } from '../../domain/judge-redis.ts';
import { defineExamination } from '../examination.ts';

/** Whether Redis answers, and is one that Muster can use. */
export const examination = defineExamination({
  name: 'redis',
  about: 'installation',
  vital: true,
  examine: async ({ inspectRedis, signal }) => [judgeRedisServer('redis', await inspectRedis(signal))],
});
