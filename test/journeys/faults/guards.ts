import type { Said, Stage } from './step-fence.ts';

/** One thing that the product looks at, and the row of the table that turns red without it. */
export interface Guard {
  /** The step type's name; left out: any. */
  step?: string;
  stage: Stage;
  /** What it says: a check's or a fact's name, or the sentence. */
  says: RegExp;
  /** The row's `fault`. */
  row: string;
}

/** Said by the product, and no row depends on it: why not. */
export interface Advice extends Omit<Guard, 'row'> {
  because: string;
}

const PREFLIGHT = 'cluster.preflight';
const RESTORE = 'velero.restore';
const BACKUP = 'velero.backup';
const READY = 'k8s.wait-ready';
const HEALTH = 'http.check';
const DATA = 'data.check';
const CHANGED = 'The facts change between approval and run: ';

type Rows = readonly (readonly [RegExp, string])[];

const guardsOf = (step: string, stage: Stage, rows: Rows): Guard[] =>
  rows.map(([says, row]) => ({ step, stage, says, row }));

/** Every guard there is. A new check: add a row that only it turns red, and a line here. */
export const GUARDS: Guard[] = [
  ...guardsOf(PREFLIGHT, 'refusal', [
    [/ is Terminating\./, 'The namespace is Terminating: a finalizer holds it'],
    [/^Velero is not reconciling/, 'Velero is down'],
    [/^Velero is not installed/, 'Velero is not installed'],
    [/Velero does one at a time/, 'Another Restore is under way'],
  ]),
  ...guardsOf(RESTORE, 'refusal', [
    [/^There is no backup "/, 'The backup that was named is not there'],
    [/: it expires at /, 'The backup expires too soon to be relied on'],
    [/: it expired at /, "The backup's retention is over"],
    [/: it is PartiallyFailed\.$/, 'The backup is PartiallyFailed'],
    [/: it is Failed\.$/, 'The backup is Failed'],
    [
      /^No backup.* can restore .* has no Deployments /,
      'Only the hourly backups of ConfigMaps, Secrets and PVCs may be used',
    ],
    [/^No backup.* can restore .* began after the disaster/, 'Every backup began after the disaster'],
    [/^There is no backup of schedule/, 'The schedule that was named has no backup'],
    [/: it holds no workload of it\.$/, 'The backup holds the namespace, but no workload'],
    [/^No backup was found that holds a workload/, 'No backup of the schedule holds a workload'],
    [/^Storage location .* is Unavailable/, 'The storage location is Unavailable'],
    [/^Storage location .* does not exist/, 'The storage location is gone'],
    [/would change nothing\.$/, 'Nothing of it is lost'],
    [/ is not empty: /, 'The copy is to go into a namespace that is not empty'],
  ]),
  ...guardsOf(BACKUP, 'refusal', [
    [/^Namespace .* does not exist: a backup/, 'A backup of a namespace that is gone'],
    [/^There is no Schedule "/, 'A backup by a schedule that is not there'],
    [/^Schedule .* cannot back up .* whole/, 'A backup by a schedule that takes no workloads'],
    [/^There is no storage location/, 'A backup to a storage location that is not there'],
    [/^Storage location .* is Unavailable/, 'A backup to a storage location that is Unavailable'],
    [/^Storage location .* is ReadOnly/, 'A backup to a storage location that is ReadOnly'],
  ]),
  ...guardsOf(PREFLIGHT, 'plan check', [
    [/^velero$/, 'Velero is of a version that Muster does not know'],
    [/^node-agent$/, 'The node agent is not ready, and volumes need it'],
    [/^backups$/, 'A Backup is reading the namespace now'],
    [/^storage( |$)/, 'Another storage location is Unavailable'],
    [/^admission$/, 'An admission webhook has nobody behind it'],
    [/^quota/, 'A ResourceQuota is full before the restore'],
    [/^owners$/, 'Argo CD owns what is there'],
  ]),
  ...guardsOf(RESTORE, 'plan check', [
    [/^backup$/, 'The backup is PartiallyFailed, and that was allowed'],
    [/^volume data$/, 'The backup lacks the data of a PVC that no pod had mounted'],
    [/^kinds$/, 'The cluster does not serve a kind that the backup holds'],
  ]),
  ...guardsOf(HEALTH, 'plan check', [[/^health$/, 'The runbook declares no health check']]),
  ...guardsOf(DATA, 'plan check', [[/^data$/, 'The runbook declares no data assertion']]),
  ...guardsOf(PREFLIGHT, 'fact', [
    [/^namespace$/, `${CHANGED}the namespace is back`],
    [/^existingClaims$/, `${CHANGED}a PVC is there that was not`],
  ]),
  ...guardsOf(RESTORE, 'fact', [
    [/^backup$/, `${CHANGED}another backup has the name of the approved one`],
    [/^location$/, `${CHANGED}another storage location has the name of the approved one`],
    [/^skip$/, `${CHANGED}an object that was to stay is another one now`],
    [/^create$/, `${CHANGED}an object that was to be created is there`],
    [/^occupants$/, `${CHANGED}the namespace of the copy is no longer empty`],
  ]),
  {
    stage: 'plan stops',
    says: /^VELERO_SILENT: /,
    row: 'Velero answers, but never processes a DownloadRequest while it is planned',
  },
  {
    stage: 'plan stops',
    says: /^CLUSTER_UNREACHABLE: /,
    row: 'The API server does not answer while the plan is made',
  },
  ...guardsOf(PREFLIGHT, 'observation', [
    [
      /^running: (Restore .* is |Velero does one at a time)/,
      'Another Restore begins after the approval and does not end',
    ],
  ]),
  ...guardsOf(RESTORE, 'observation', [
    [/^failed: .* ended FailedValidation/, 'Velero ends the Restore FailedValidation'],
    [/^failed: .* ended PartiallyFailed/, 'Velero ends the Restore PartiallyFailed'],
    [/^failed: .* ended Failed: (?!found)/, 'Velero ends the Restore Failed'],
    [/^failed: .* ended Failed: found a restore/, 'Velero restarts in the middle ("found a restore with status")'],
    [/^failed: .* volumes are not: .* Failed/, 'Completed is said, and then a volume fails (Velero v1.17.0)'],
    [/^failed: .* volumes are not: .* Canceled/, 'Completed is said, and then a volume is canceled (Velero v1.17.0)'],
    [/^stuck: .* been New for/, 'The Restore stays New'],
    [/^stuck: .* been InProgress for/, 'The Restore stays InProgress'],
    [/^stuck: .* been WaitingForPluginOperations for/, 'The Restore stays WaitingForPluginOperations'],
    [
      /^stuck: .* been WaitingForPluginOperationsPartiallyFailed for/,
      'The Restore stays WaitingForPluginOperationsPartiallyFailed',
    ],
    [/^stuck: .* been Finalizing for/, 'The Restore stays Finalizing'],
    [/^stuck: .* been FinalizingPartiallyFailed for/, 'The Restore stays FinalizingPartiallyFailed'],
    [/^running: Velero: (?!Completed)/, 'The run is aborted while Velero restores'],
    [/^running: Velero: Completed, volumes not/, 'Completed is said, and the volumes are never done'],
    [/^throws: NAME_TAKEN: /, "Somebody else's Restore has the run's name"],
    [/^throws: CLUSTER_UNREACHABLE: /, 'The API server does not answer any more while Velero restores'],
  ]),
  ...guardsOf(BACKUP, 'observation', [
    [
      /^failed: .* ended FailedValidation/,
      'The Backup ends FailedValidation: its storage location refuses writing by then',
    ],
    [/^failed: .* ended PartiallyFailed/, 'The Backup ends PartiallyFailed'],
    [/^failed: .* ended Failed: /, 'The Backup ends Failed'],
    [/^running: Velero: New/, 'The Backup stays New: Velero is down'],
    [/^running: Velero: (?!New)/, 'The Backup stays InProgress'],
  ]),
  ...guardsOf(READY, 'observation', [
    [/^running: deployment\/\S+: (?!is in the backup)/, 'A Deployment never becomes ready'],
    [/^running: deployment\/\S+: is in the backup/, 'Velero leaves out a Deployment without a word'],
    [/^failed: deployment\//, 'A Deployment exceeds its own progress deadline'],
    [/^running: statefulset\//, 'A StatefulSet never becomes ready'],
    [/^running: daemonset\//, 'A DaemonSet never becomes ready'],
    [/^running: pvc\//, 'A PVC that no pod waits for is never bound'],
    [
      /^running: service\/\S+: (?!is in the backup)/,
      'A Service has no endpoint: its pod does not bear the label that it selects',
    ],
    [/^running: service\/\S+: is in the backup/, 'Velero leaves out a Service without a word'],
  ]),
  ...guardsOf(HEALTH, 'observation', [[/^running: health /, 'A service answers its health check with 500']]),
  ...guardsOf(DATA, 'observation', [
    [/^failed: .*do not hold/, 'The restored data is less than the runbook says it must be'],
    [/^running: data /, 'The service that is to tell of the data never answers'],
  ]),
  ...guardsOf(RESTORE, 'verification', [
    [/^restore$/, 'The Restore is deleted before it is verified'],
    [/^objects restored$/, 'An object is there when Velero comes to it that was not there when it was planned'],
    [/^objects complete$/, 'Velero leaves out an object without a word'],
    [/^no errors$/, "Velero's file of results names an error that the Restore does not count"],
    [/^no warnings$/, 'The Restore is Completed, with warnings that the plan did not announce'],
  ]),
  ...guardsOf(BACKUP, 'verification', [
    [/^backup$/, 'The new Backup is deleted before it is verified'],
    [/^results$/, 'The new backup has no results: Velero could not write them all'],
    [/^workloads$/, 'The new backup holds no workload'],
    [/^volumes$/, 'The new backup does not say which volumes it holds'],
    [/^pvc\//, 'The new backup lacks the data of a PVC that no pod has mounted'],
    [/^expiry$/, 'The new backup is kept for a few minutes only'],
    [/^storage /, 'The storage location refuses writing once the new backup is in it'],
  ]),
  ...guardsOf(READY, 'verification', [
    [/^deployment\//, 'A pod of a Deployment fails while it is verified'],
    [/^statefulset\//, 'The pod of a StatefulSet fails while it is verified'],
    [/^daemonset\//, 'A pod of a DaemonSet fails while it is verified'],
    [/^pvc\//, 'A PVC loses its volume while it is verified'],
    [/^service\//, 'A Service loses its endpoint while it is verified'],
    [/^sidecar /, "A pod comes back without its mesh's sidecar: the injector does not run"],
  ]),
  ...guardsOf(HEALTH, 'verification', [
    [/^health .+/, 'A service begins to answer 500 while it is verified'],
    [/^health$/, 'The runbook declares no health check'],
  ]),
  ...guardsOf(DATA, 'verification', [
    [/^data .+/, 'Data is lost while it is verified'],
    [/^data$/, 'The runbook declares no data assertion'],
  ]),
  { stage: 'verify stops', says: /^CLUSTER_UNREACHABLE: /, row: 'The API server does not answer while it is verified' },
  {
    stage: 'verify stops',
    says: /^STORAGE_UNREACHABLE: /,
    row: 'The object storage is away while it is verified, and comes back',
  },
];

/** What may be said without a guard. */
export const ADVICE: Advice[] = [
  {
    step: PREFLIGHT,
    stage: 'plan check',
    says: /^(namespace|queue)$/,
    because: 'it repeats what the refusal beside it says, and the refusal has a guard',
  },
  {
    step: RESTORE,
    stage: 'fact',
    says: /^(workloads|services)$/,
    because: "they are read from the pinned backup's own list, and the fact backup stands for that",
  },
  {
    step: BACKUP,
    stage: 'fact',
    says: /^(schedule|spec)$/,
    because: 'nobody approves it: what is planned is begun at once, and the Backup carries the spec and its hash',
  },
  {
    step: BACKUP,
    stage: 'plan check',
    says: /^storage /,
    because: 'where it is not well there is a refusal instead, and that has a guard',
  },
  {
    step: BACKUP,
    stage: 'observation',
    says: /^throws: NAME_TAKEN: /,
    because: 'the create and the verification say the same, each by itself',
  },
  {
    step: BACKUP,
    stage: 'verification',
    says: /^phase$/,
    because: 'it repeats what ended the step, and that has guards',
  },
  {
    stage: 'plan stops',
    says: /^INTERNAL: .*abort/i,
    because: 'the plan is refused already: the engine stopped the other steps',
  },
  { step: READY, stage: 'observation', says: /^running: \d+\/\d+ workloads ready$/, because: 'it only counts' },
  {
    stage: 'observation',
    says: /^throws: CLUSTER_UNREACHABLE: /,
    because: 'only looks: the verification asks the same again, and waits for an answer',
  },
];

/** Whether this is what the guard stands for. */
export function matchesGuard({ step, stage, says }: Omit<Guard, 'row'>, said: Said): boolean {
  return (step === undefined || step === said.step) && stage === said.stage && says.test(said.says);
}

/** What was said and is neither guarded nor known to be advice. */
export function findUnguarded(seen: readonly Said[]): Said[] {
  return seen.filter((said) => ![...GUARDS, ...ADVICE].some((known) => matchesGuard(known, said)));
}
