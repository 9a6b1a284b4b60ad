import { type ClusterReader, type CommandContext, defineCommand } from '../src/contracts.ts';
import type { HealthCheck } from '../src/domain/health-check.ts';
import { type HealthVerdict, judgeHealth } from '../src/domain/judge-health.ts';
import { listUsedNamespaces, readHealth } from '../src/reading/read-health.ts';
import { namespaceOf } from '../src/reading/read-options.ts';

/** Namespaces looked at together: each is eight questions to the API. */
const TOGETHER = 4;

export const command = defineCommand({
  name: 'health',
  summary:
    "Says whether a namespace is well: workloads by kubectl's rollout rule, endpoints, PVCs, crashes, health checks.",
  details: [
    'Running is not ready: a pod that runs and is not Ready, or restarts, is named with its reason and last exit.',
    'Without a namespace: every namespace in which anything is to run. The exit code is 1 where one is not well.',
  ],
  arguments: [{ name: 'namespace', help: 'The namespace; without it, all.' }],
  options: { cluster: { type: 'text', help: 'The kubeconfig context; without it, the default one.' } },
  examples: ['health data-processing', 'health'],

  async handle({ arguments: args, options }, context) {
    const one = args['namespace'] === undefined ? undefined : namespaceOf(args['namespace']);
    const reader = await context.openCluster(options['cluster']);
    const namespaces = one === undefined ? await listUsedNamespaces(reader) : [one];
    const verdicts = await lookAtAll(reader, namespaces, context);
    const ill = verdicts.filter(({ verdict }) => !verdict.ok);
    const [first] = verdicts;
    const head = one === undefined ? [describeAll(verdicts.length, ill.length)] : [];
    const sorted = [...ill, ...verdicts.filter(({ verdict }) => verdict.ok)];
    return {
      ok: ill.length === 0 && first !== undefined,
      lines: [...head, ...sorted.flatMap(({ verdict }) => render(verdict, one !== undefined))],
      data: verdicts.map(({ namespace, verdict }) => ({ namespace, ...verdict })),
    };
  },
});

type Looked = { namespace: string; verdict: HealthVerdict };

async function lookAtAll(reader: ClusterReader, namespaces: readonly string[], context: CommandContext) {
  const looked: Looked[] = [];
  for (let at = 0; at < namespaces.length; at += TOGETHER) {
    const some = namespaces.slice(at, at + TOGETHER).map(async (namespace) => {
      const facts = await readHealth(reader, namespace, declaredFor(context, namespace));
      return { namespace, verdict: judgeHealth(facts) };
    });
    looked.push(...(await Promise.all(some)));
  }
  return looked;
}

/** The checks that any runbook declares for the namespace, each once. */
function declaredFor({ runs }: CommandContext, namespace: string): HealthCheck[] {
  const declared = [...runs.runbooks.values()].flatMap(({ health }) => health);
  const fitting = declared.filter((check) => check.namespace === undefined || check.namespace === namespace);
  return [...new Map(fitting.map((it) => [`${it.service}:${it.port}${it.path}`, it])).values()];
}

function describeAll(all: number, ill: number): string {
  if (all === 0) return 'NOT HEALTHY: no workload is in this cluster.';
  return ill === 0 ? `HEALTHY: all ${all} namespaces.` : `NOT HEALTHY: ${ill} of ${all} namespaces.`;
}

/** Among many, what is well takes one line. */
function render({ ok, head, red, notes }: HealthVerdict, alone: boolean): string[] {
  const shown = ok && !alone ? [] : notes;
  return [head, ...red.map((line) => `  RED ${line}`), ...shown.map((line) => `  note: ${line}`)];
}
