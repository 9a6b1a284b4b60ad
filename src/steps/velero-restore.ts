import { defineStep } from '../contracts.ts';
import { judgeRestore } from '../domain/restore-progress.ts';
import { DataDownload, PodVolumeRestore, Restore } from '../domain/velero.ts';
import { listVolumes } from './velero/list-volumes.ts';
import { planRestore } from './velero/plan-restore.ts';
import { createRestore, RestoreParams, readOurRestore, restoreSpec } from './velero/restore-object.ts';
import { verifyRestore } from './velero/verify-restore.ts';

/** Restores one namespace from one pinned backup, with exactly one Restore object. */
export const step = defineStep<RestoreParams>({
  name: 'velero.restore',
  summary: 'Restores a namespace from a Velero backup.',
  effect: 'destructive',
  params: RestoreParams,
  plan: planRestore,

  async observe(context) {
    const { cluster, homes, key, params, startedAt, firstSeen, clock } = context;
    const restore = await readOurRestore(context);
    if (restore === undefined) return { state: 'absent', detail: 'the Restore does not exist yet' };
    const scope = { namespace: homes.veleroNamespace, labelSelector: `velero.io/restore-name=${key}` };
    const volumes = await Promise.all(
      [PodVolumeRestore, DataDownload].map((kind) => listVolumes(context, kind, scope)),
    );
    const judged = judgeRestore(restore, volumes.flat(), {
      deadlines: params.phases,
      startedAt,
      now: clock.now(),
      firstSeen,
    });
    if (judged.state !== 'running') return judged;
    return { ...judged, changed: (stop) => cluster.awaitChange(Restore, restore, stop) };
  },

  apply: createRestore,
  verify: verifyRestore,
  describeManifest: (context) => ({
    apiVersion: Restore.apiVersion,
    kind: Restore.kind,
    // Not ours: no run stands behind what is applied by hand.
    metadata: { name: `by-hand-${context.request.run}`, namespace: context.homes.veleroNamespace },
    spec: restoreSpec(context),
  }),
  describeAbort: ({ homes, key }) =>
    `Velero has no cancel: Restore ${homes.veleroNamespace}/${key} goes on there until it ends by itself.`,
});
