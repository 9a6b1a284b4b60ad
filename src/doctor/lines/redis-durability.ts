import { judgeDurability } from '../../domain/judge-redis.ts';
import { defineExamination } from '../examination.ts';

/** Whether what Redis answered for is on its disk. */
export const examination = defineExamination({
  name: 'redis durability',
  about: 'installation',
  examine: async ({ inspectRedis, signal }) => [judgeDurability('redis durability', await inspectRedis(signal))],
});
