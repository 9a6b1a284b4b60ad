import { type Diagnosis, ok, red, unchecked, warning } from '../../domain/diagnosis.ts';
import { type DoctorContext, defineExamination } from '../examination.ts';

/** From here on the clocks differ too much to be believed, in ms. An API server tells its time to the second. */
const WARNING_MS = 5_000;
const RED_MS = 60_000;

interface Skew {
  whose: string;
  /** Positive: our clock is ahead. */
  ms: number;
}

/** Whether this machine's clock agrees with those of Redis and of the clusters: expiry, deadlines and ages are told by it. */
export const examination = defineExamination({
  name: 'clock',
  about: 'installation',
  examine: async (context) => {
    const { examined, inspectRedis, signal } = context;
    const others = [
      measure(context, 'Redis', async () => (await inspectRedis(signal)).time),
      ...examined.map((cluster) => measure(context, cluster.name, () => cluster.time(signal))),
    ];
    const skews = (await Promise.all(others)).filter((skew) => skew !== undefined);
    return [judge(skews)];
  },
});

/** Undefined where the other does not tell: that it does not answer is another line's trouble. */
async function measure(
  { clock }: DoctorContext,
  whose: string,
  ask: () => Promise<number | undefined>,
): Promise<Skew | undefined> {
  const asked = clock.now();
  const told = await ask().catch(() => undefined);
  if (told === undefined) return undefined;
  const answered = clock.now();
  // What may be the way there and back, or the rest of a second, is no difference.
  const least = asked - (told + 1_000);
  const most = answered - told;
  return { whose, ms: least > 0 ? least : Math.min(0, most) };
}

function judge(skews: readonly Skew[]): Diagnosis {
  const [worst] = [...skews].sort((a, b) => Math.abs(b.ms) - Math.abs(a.ms));
  if (worst === undefined) return unchecked('clock', 'nobody told the time to compare with');
  const size = Math.abs(worst.ms);
  if (size <= WARNING_MS) return ok('clock', `agrees with ${skews.map(({ whose }) => whose).join(', ')}`);
  const detail = `this clock is ${Math.round(size / 1_000)} s ${worst.ms > 0 ? 'ahead of' : 'behind'} ${worst.whose}`;
  const remedy = `Set both by NTP (timedatectl status); approvals and deadlines are told by it.`;
  return size > RED_MS ? red('clock', detail, remedy) : warning('clock', detail, remedy);
}
