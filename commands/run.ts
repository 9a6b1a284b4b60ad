import { askForRun, fullTime } from '../src/ask-for-run.ts';
import { type CommandContext, defineCommand } from '../src/contracts.ts';
import type { Runbook } from '../src/domain/runbook.ts';
import { suggest } from '../src/domain/suggest.ts';
import { DrError } from '../src/errors.ts';
import { RUN_INCIDENT_OPTION } from '../src/responding/begin-run.ts';

export const command = defineCommand({
  name: 'run',
  summary: 'Starts any runbook by its name: plan, approval if it changes anything, the steps, verification.',
  details: [
    'Nothing is changed before the plan is approved; a runbook that only reads needs no approval.',
    'The policy must allow every namespace that the run names.',
  ],
  arguments: [
    { name: 'runbook', help: 'Its name, as `dr runbooks` lists it.', required: true },
    { name: 'param=value', help: "The runbook's parameters: dr help run <runbook>", many: true },
  ],
  options: {
    cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' },
    'dry-run': { type: 'flag', help: 'Only show the plan; nothing is recorded or changed.' },
    ...RUN_INCIDENT_OPTION,
  },
  examples: [
    'run restore-namespace namespace=data-processing',
    'run restore-namespace namespace=data-processing since=03:04 --dry-run',
  ],

  handle: ({ arguments: args, rest, options, flags }, context) => {
    const name = args['runbook'] ?? '';
    const params = readParams(rest, name, context);
    const only = flags.has('dry-run') ? 'plan' : undefined;
    return askForRun(
      { runbook: name, params, cluster: options['cluster'], only, incident: options['incident'] },
      context,
    );
  },
});

/** `name=value` words, each once; a time of day is made a full time. An unknown runbook or parameter is refused later. */
function readParams(words: readonly string[], name: string, context: CommandContext): Record<string, string> {
  const specs = context.runs.runbooks.get(name)?.params;
  if (specs === undefined) return {};
  const params = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw misread(`"${word}" is no param=value${suggestParam(word, specs)}`, name);
    const param = word.slice(0, at);
    if (params.has(param)) throw misread(`"${param}" is given twice.`, name);
    const value = word.slice(at + 1);
    const isTime = Object.hasOwn(specs, param) && specs[param]?.type === 'time' && value !== '';
    params.set(param, isTime ? fullTime(param, value, context.clock.now()) : value);
  }
  return Object.fromEntries(params);
}

/** A bare value was most likely meant for what is required; a bare name lacks its value. */
function suggestParam(word: string, specs: Runbook['params']): string {
  const bare = word.replace(/^=+/, '');
  const near = suggest(bare, Object.keys(specs));
  if (near !== undefined) return `; did you mean "${near}=<${specs[near]?.type}>"?`;
  const wanted = Object.keys(specs).find((param) => specs[param]?.required === true);
  return wanted === undefined ? '.' : `; did you mean "${wanted}=${bare}"?`;
}

function misread(message: string, runbook: string): DrError {
  return new DrError({ code: 'COMMAND_INVALID', message, action: `See its parameters: dr help run ${runbook}` });
}
