import { playWithoutGuards } from './play-guards.ts';

playWithoutGuards('the steps without a guard', ['observation']);
