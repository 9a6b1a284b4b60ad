export { createMovableClock, type MovableClock } from '../../sandbox/movable-clock.ts';
