import { defineCommand } from '../src/contracts.ts';
import { isOver } from '../src/domain/run.ts';
import { describeRun, renderOthers, renderRun } from '../src/views/run.ts';

export const command = defineCommand({
  name: 'status',
  summary: 'Shows one run: its plan, its steps, where it stands and what to do next.',
  arguments: [{ name: 'run', help: 'The run, as `dr runs` lists it.', required: true }],
  options: {},
  examples: ['status k7m2qd'],

  async handle({ arguments: args }, { runs, clock, signal }) {
    const run = args['run'] ?? '';
    const view = await runs.read(run);
    const progress = isOver(view.state) ? undefined : await runs.progress(view, signal);
    const others = isOver(view.state) ? [] : await runs.others(view.state.request);
    const lines = [...renderRun(view, clock.now(), progress), ...renderOthers(others)];
    const reply = { ok: true, lines, data: describeRun(view) };
    return isOver(view.state) ? reply : { ...reply, follow: { run, byDefault: false } };
  },
});
