import { counted } from '../../domain/counted.ts';
import { ok, red, unused } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

/** Whether the file that says where alerts go loads. */
export const examination = defineExamination({
  name: 'routing',
  about: 'installation',
  examine: async ({ checkRouting }) => {
    const checked = await checkRouting();
    if (checked === undefined) return [unused('routing', 'not configured (ROUTING_FILE)')];
    if (checked.routing === undefined) {
      const remedy = 'Correct the routing file; until then Muster does not start: dr routing check';
      return [red('routing', checked.problems.join('; '), remedy)];
    }
    return [ok('routing', `loaded: ${counted(checked.routing.routes.length, 'route')}`)];
  },
});
