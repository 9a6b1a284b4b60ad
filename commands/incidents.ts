import { defineCommand } from '../src/contracts.ts';
import { showList } from '../src/responding/show-incident.ts';

const NEWEST = 100;

export const command = defineCommand({
  name: 'incidents',
  group: 'incidents',
  summary: 'Lists the incidents that are open.',
  arguments: [],
  options: { all: { type: 'flag', help: `The newest ${NEWEST}, resolved ones too.` } },
  examples: ['incidents', 'incidents --all'],

  async handle({ flags }, context) {
    const { incidents } = context;
    const all = flags.has('all');
    const views = all ? await incidents.list(NEWEST) : await incidents.open();
    const { lines, data } = showList(context, views);
    const none = all
      ? 'No incident yet. Declare one: dr declare "what is wrong"'
      : 'No incident is open. Those that were: dr incidents --all';
    return { ok: true, lines: views.length === 0 ? [none] : lines, data };
  },
});
