import { eventually, pause, type World } from '../world.ts';
import { untilRestoreIsThere } from './make-fault.ts';
import type { Row } from './row.ts';

const UNREADABLE = 'objects restored: what Velero restored cannot be read: ';

/** What is wrong with the files that say what Velero did: nothing is taken for restored without them. */
export const FILE_ROWS: Row[] = [
  {
    fault: "Velero's file of results is missing",
    ends: 'failed',
    sentence: `${UNREADABLE}Object storage `,
    restores: 1,
    velero: { results: 'missing' },
  },
  {
    fault: "Velero's file of results is larger than any can be",
    ends: 'failed',
    sentence: `${UNREADABLE}The file is larger than `,
    restores: 1,
    velero: { results: 'huge' },
  },
  {
    fault: "Velero's file of results is on a host that is not the storage location's",
    ends: 'failed',
    sentence: `${UNREADABLE}The download address points to files.example.com`,
    restores: 1,
    approved: async (world, run) => {
      await untilRestoreIsThere(world, run);
      world.sandbox.cluster.velero.faults.results = { host: 'files.example.com' };
    },
  },
  {
    fault: "Velero's file of results is answered with a redirect",
    ends: 'failed',
    sentence: 'answered 307; redirects are not followed.',
    restores: 1,
    velero: { results: 'redirect' },
  },
  {
    fault: "Velero's file of results is no gzip",
    ends: 'failed',
    sentence: 'sent is not gzip.',
    restores: 1,
    velero: { results: 'garbage' },
  },
  {
    fault: "Velero's file of results names an error that the Restore does not count",
    ends: 'failed',
    sentence: 'Not verified: no errors: the volume is empty. Next:',
    restores: 1,
    velero: { results: { error: 'the volume is empty' } },
  },
  {
    fault: 'Velero never processes a DownloadRequest while it is verified',
    ends: 'failed',
    sentence: `${UNREADABLE}Velero did not offer `,
    restores: 1,
    async approved(world, run) {
      await untilRestoreIsThere(world, run);
      world.sandbox.cluster.velero.faults.ignoreDownloads = true;
      await untilVerifying(world, run);
      world.inside.clock.move(61_000);
    },
  },
  {
    fault: 'The object storage is away while it is verified, and comes back',
    ends: 'succeeded',
    sentence: 'ok   objects complete: every planned object is accounted for',
    restores: 1,
    async approved(world, run) {
      await untilRestoreIsThere(world, run);
      const { faults, storage } = world.sandbox.cluster.velero;
      faults.ignoreDownloads = true;
      await untilVerifying(world, run);
      storage.setUnavailable('the bucket does not answer');
      delete faults.ignoreDownloads;
      await pause(1_200);
      storage.setAvailable();
    },
  },
];

/** Velero's files are asked for, and not offered yet. */
async function untilVerifying(world: World, run: string): Promise<void> {
  await eventually('the last step is over', async () => (await world.state(run))?.steps.get('data')?.outcome);
  const asked = () => world.sandbox.cluster.store.list('downloadrequests.velero.io', 'velero').length > 0;
  await eventually('Velero is asked', () => asked() || undefined);
  await pause(300);
}
