import { main } from '../../src/main.ts';
import { createMovableClock } from '../movable-clock.ts';

/** The bot as it is, but for its clock: whoever started it may move that on, by a message with the milliseconds. */
const clock = createMovableClock();
process.on('message', (ms) => {
  if (typeof ms === 'number' && ms > 0) clock.move(ms);
});
// The channel alone must not keep it alive, nor may it outlive whoever holds the other end.
process.channel?.unref();
process.once('disconnect', () => process.exit());

await main(process.argv.slice(2), { clock, daily: false });
