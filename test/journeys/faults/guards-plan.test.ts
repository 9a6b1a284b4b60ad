import { playWithoutGuards } from './play-guards.ts';

playWithoutGuards('the plan without a guard', ['refusal', 'plan check', 'fact', 'plan stops']);
