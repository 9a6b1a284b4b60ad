import { defineCommand } from '../src/contracts.ts';
import { ROLES, type Role } from '../src/domain/incident-events.ts';
import { suggest } from '../src/domain/suggest.ts';
import { DrError } from '../src/errors.ts';
import { INCIDENT_OPTION } from '../src/responding/find-incident.ts';
import { memberOf } from '../src/responding/find-member.ts';
import { answer, workOn } from '../src/responding/work-on.ts';

export const command = defineCommand({
  name: 'role',
  group: 'incidents',
  summary: 'Gives somebody a role in an incident: commander, comms or scribe. They are invited into its room.',
  details: ['Whoever had it before has it no more.'],
  arguments: [
    { name: 'role', help: `One of ${ROLES.join(', ')}.`, required: true },
    {
      name: 'who',
      help: "me, @somebody in Slack, a Slack member's id, or somebody named under people in the policy.",
      required: true,
    },
  ],
  options: INCIDENT_OPTION,
  examples: ['role commander me', 'role scribe <@U0123ABCD>', 'role comms U0123ABCD --incident 20261126-174158'],

  async handle({ arguments: args, options }, context) {
    context.authorizeResponding();
    const role = roleOf(args['role'] ?? '');
    const user = await memberOf(context, args['who'] ?? '');
    let before: string | undefined;
    const worked = await workOn(context, options['incident'], ({ state }) => {
      before = state.roles.get(role);
      if (before === user) return undefined;
      return { type: 'role.assigned', role, user, by: context.actor } as const;
    });
    const { incident, recorded } = worked;
    if (recorded === undefined) return answer(worked, `<@${user}> is ${role} of incident ${incident} already.`);
    const relieved = before === undefined ? '' : ` It was <@${before}>.`;
    return answer(worked, `<@${user}> is ${role} of incident ${incident} now.${relieved}`);
  },
});

function roleOf(text: string): Role {
  const role = ROLES.find((it) => it === text.toLowerCase());
  if (role !== undefined) return role;
  const near = suggest(text, ROLES);
  throw new DrError({
    code: 'COMMAND_INVALID',
    message: `There is no such role${near === undefined ? '' : `; did you mean "${near}"?`}`,
    action: `There is ${ROLES.join(', ')}: dr role commander me`,
  });
}
