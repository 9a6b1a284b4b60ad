import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createQueue } from './adapters/bullmq-queue.ts';
import { download } from './adapters/http-download.ts';
import { createClusters } from './adapters/kubernetes.ts';
import { createRedisLedger } from './adapters/redis-ledger.ts';
import { checkRunbooks, loadPolicy, loadRunbooks } from './adapters/yaml-file.ts';
import { composeDoctor } from './compose-doctor.ts';
import { composeIncidents, type Incidents } from './compose-incidents.ts';
import { type Config, listSecrets } from './config.ts';
import type { Command, Doctor, Reply, RunEngine, StepType } from './contracts.ts';
import type { BrokenFiles } from './doctor/examination.ts';
import type { Actor } from './domain/actor.ts';
import type { Policy } from './domain/policy.ts';
import { parseRedisUrl, type RedisPlace, redisHost } from './domain/redis-url.ts';
import type { Origin } from './domain/run-events.ts';
import type { Runbook } from './domain/runbook.ts';
import { scrubAll } from './domain/scrub.ts';
import type { Log } from './engine/deps.ts';
import { dispatch } from './engine/dispatch.ts';
import { createRests } from './engine/rests.ts';
import { createRunEngine } from './engine/run-engine.ts';
import type { SweepDeps } from './engine/sweep.ts';
import { createTroubleLog } from './engine/trouble-log.ts';
import { isDrError } from './errors.ts';
import type { Effect } from './incident-contracts.ts';
import type { Clock, Clusters } from './ports.ts';
import { loadDirectory } from './registry.ts';

/** Everything put together, nothing started: no connection is made before it is used. */
export interface Muster {
  engine: SweepDeps;
  runs: RunEngine;
  redis: RedisPlace;
  policy: Policy | undefined;
  doctor: Doctor;
  incidents: Incidents;
  /** Whether the line is a command that asks nothing of the ledger. */
  isUnrecorded(line: string): boolean;
  /** Whether the line is a command that is to page somebody. */
  doesPage(line: string): boolean;
  dispatch(line: string | readonly string[], actor: Actor, signal: AbortSignal, origin?: Origin): Promise<Reply>;
  close(): Promise<void>;
}

export interface Surroundings {
  clock: Clock;
  log: Log;
  /** The engine gets what this makes of the step types that were loaded; left out: these. */
  wrapSteps?: ((loaded: Map<string, StepType>) => Map<string, StepType>) | undefined;
  /** Gets the problems of runbooks, and Muster does without those; left out: all must be sound. */
  onBrokenRunbooks?: ((problems: string[]) => void) | undefined;
  /** Only the doctor is asked: it tells of a policy or of runbooks that do not load, and all else is looked at without them. */
  forDoctor?: boolean | undefined;
}

const ROOT = join(import.meta.dirname, '..');

/** @throws DrError CONFIG_INVALID for a policy file or a runbook that cannot be used */
export async function compose(config: Config, surroundings: Surroundings): Promise<Muster> {
  const { clock, log } = surroundings;
  const { steps, commands, effects } = await loadExtensions(surroundings.wrapSteps);
  const { runbooks, policy, broken } = await loadFiles(config, steps, surroundings);
  const redis = parseRedisUrl(config.redisUrl);
  const engine = composeEngine(config, redis, steps, clock, log);
  const runs = createRunEngine({
    ...engine,
    runbooks,
    checkRunbooks: (folder = config.runbooksDir) => checkRunbooks(folder, steps),
  });
  const incidents = composeIncidents(config, engine, runs, effects);
  const doctor = composeDoctor({ config, engine, redis, policy, runbooks, broken });
  return {
    engine,
    runs,
    redis,
    policy,
    doctor,
    incidents,
    isUnrecorded: (line) => commands.get(firstWord(line))?.unrecorded === true,
    doesPage: (line) => commands.get(firstWord(line))?.pages === true,
    dispatch: async (line, actor, signal, origin) =>
      scrubAll(
        await dispatch(
          { ...engine, commands, policy, runs, incidents: incidents.engine, doctor },
          line,
          actor,
          signal,
          origin,
        ),
        listSecrets(config),
      ),
    close: async () => {
      await engine.queue.close();
      await engine.ledger.close();
    },
  };
}

function composeEngine(
  config: Config,
  redis: RedisPlace,
  steps: Map<string, StepType>,
  clock: Clock,
  log: Log,
): SweepDeps {
  const trouble = createTroubleLog(log, clock, 'trouble with Redis');
  return {
    ledger: createRedisLedger(redis, trouble),
    queue: createQueue(redis, trouble),
    rests: createRests(),
    clusters: clustersOf(config),
    ...{ steps, clock, download, log },
    homes: { podNamespace: config.podNamespace, veleroNamespace: config.veleroNamespace, redisHost: redisHost(redis) },
    worker: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
  };
}

function clustersOf({ kubeconfig, kubeContext }: Config): Clusters {
  return createClusters({
    ...(kubeconfig === undefined ? {} : { kubeconfigPath: kubeconfig }),
    ...(kubeContext === undefined ? {} : { context: kubeContext }),
  });
}

/** The policy and the runbooks; for the doctor what of them does not load is told, not thrown. */
async function loadFiles(
  { runbooksDir, policyFile }: Config,
  steps: ReadonlyMap<string, StepType>,
  { onBrokenRunbooks, forDoctor = false }: Surroundings,
) {
  const broken: BrokenFiles = { policy: [], runbooks: [] };
  const note = (what: keyof BrokenFiles) => (problems: readonly string[]) => void broken[what].push(...problems);
  const orElse =
    <T>(what: keyof BrokenFiles, instead: T) =>
    (thrown: unknown) => {
      if (!forDoctor || !isDrError(thrown, 'CONFIG_INVALID')) throw thrown;
      note(what)(thrown.message.split('\n'));
      return instead;
    };
  const [runbooks, policy] = await Promise.all([
    loadRunbooks(runbooksDir, steps, forDoctor ? note('runbooks') : onBrokenRunbooks).catch(
      orElse('runbooks', new Map<string, Runbook>()),
    ),
    loadPolicy(policyFile).catch(orElse('policy', undefined)),
  ]);
  return { runbooks, policy, broken };
}

/** What people extend Muster with. */
async function loadExtensions(wrapSteps: Surroundings['wrapSteps']) {
  const [loaded, commands, effects] = await Promise.all([
    loadDirectory<StepType>(join(ROOT, 'src/steps'), 'step'),
    loadDirectory<Command>(join(ROOT, 'commands'), 'command'),
    loadDirectory<Effect>(join(ROOT, 'src/effects'), 'effect'),
  ]);
  return { steps: wrapSteps?.(loaded) ?? loaded, commands, effects };
}

function firstWord(line: string): string {
  return line.trim().split(/\s/)[0] ?? '';
}
