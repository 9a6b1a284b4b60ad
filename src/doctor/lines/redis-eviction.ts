import { judgeEviction } from '../../domain/judge-redis.ts';
import { defineExamination } from '../examination.ts';

/** Whether Redis may throw away what it holds. */
export const examination = defineExamination({
  name: 'redis eviction',
  about: 'installation',
  examine: async ({ inspectRedis, signal }) => {
    const { maxmemoryPolicy } = await inspectRedis(signal);
    return [judgeEviction('redis eviction', maxmemoryPolicy)];
  },
});
