import { ok, red, unchecked } from '../../domain/diagnosis.ts';
import { defineExamination } from '../examination.ts';

/** What is asked for by name is served from here on: EndpointSlice and CronJob of v1. */
const OLDEST_MINOR = 21;

/** Whether the API server answers us, and is one that Muster knows. */
export const examination = defineExamination({
  name: 'cluster',
  about: 'cluster',
  vital: true,
  examine: async ({ cluster, nameLine, signal }) => {
    const line = nameLine('cluster');
    const version = await cluster.version(signal);
    const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
    if (major === undefined || minor === undefined)
      return [unchecked(line, `it answers as ${version}, which is no version`)];
    if (major === 1 && minor < OLDEST_MINOR)
      return [
        red(
          line,
          `Kubernetes ${version} is older than v1.${OLDEST_MINOR}`,
          `Upgrade it to v1.${OLDEST_MINOR} or newer.`,
        ),
      ];
    return [ok(line, `Kubernetes ${version} answers`)];
  },
});
