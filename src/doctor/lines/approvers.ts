import { type Diagnosis, ok, red, unused, warning } from '../../domain/diagnosis.ts';
import type { Policy } from '../../domain/policy.ts';
import { defineExamination } from '../examination.ts';

type Rule = Policy['allow'][number];

/** Whether whatever may be asked for can be approved by somebody. */
export const examination = defineExamination({
  name: 'approvers',
  about: 'installation',
  examine: async ({ policy, chat }) => {
    if (policy === undefined) return [];
    const line = 'approvers';
    const asked = listPlaces(policy.allow.filter(({ may }) => may.includes('request')));
    if (asked.length === 0) return [unused(line, 'nobody may request anything')];
    const approving = policy.allow.filter(({ may, group }) => may.includes('approve') && hasMembers(policy, group));
    const alone = asked.filter((place) => !approving.some((rule) => covers(rule, place)));
    if (alone.length === 0) return [judgeSecondPerson(policy, asked, approving)];
    const where = alone.map(nameOf).join(', ');
    const remedy = 'Add a rule with "approve" for a group that has Slack members to POLICY_FILE.';
    const glass = policy.breakGlass.some((group) => (policy.groups[group]?.terminal.length ?? 0) > 0);
    // Without Slack the terminal is the only place there is, and approving there is breaking the glass.
    if (chat === undefined && glass)
      return [
        warning(
          line,
          `no Slack: every approval for ${where} breaks the glass in the terminal`,
          'Connect Slack, so that a second person can approve.',
        ),
      ];
    return [red(line, `nobody may approve in ${where}`, remedy)];
  },
});

/** Whoever asks cannot approve it themselves: where only one person may approve, nobody approves what that one asks for. */
function judgeSecondPerson(policy: Policy, asked: readonly Place[], approving: readonly Rule[]): Diagnosis {
  const line = 'approvers';
  const single = policy.secondPerson === 'never' ? [] : asked.filter((place) => isSingle(policy, approving, place));
  if (single.length === 0)
    return ok(line, `somebody may approve whatever may be requested (${asked.map(nameOf).join(', ')})`);
  const detail = `only one person may approve in ${single.map(nameOf).join(', ')}, and not what they ask for themselves`;
  return warning(line, detail, 'Give a second Slack member the right to approve there in POLICY_FILE.');
}

function isSingle({ groups }: Policy, approving: readonly Rule[], place: Place): boolean {
  const fitting = approving.filter((rule) => covers(rule, place)).flatMap(({ group }) => groups[group] ?? []);
  if (fitting.some(({ slackGroups }) => slackGroups.length > 0)) return false;
  return new Set(fitting.flatMap(({ slack }) => slack)).size < 2;
}

interface Place {
  cluster: string;
  namespace: string;
}

function listPlaces(rules: readonly Rule[]): Place[] {
  const places = rules.flatMap(({ clusters, namespaces }) =>
    clusters.flatMap((cluster) => namespaces.map((namespace) => ({ cluster, namespace }))),
  );
  return [...new Map(places.map((place) => [nameOf(place), place])).values()];
}

function nameOf({ cluster, namespace }: Place): string {
  return `${cluster}/${namespace}`;
}

function hasMembers({ groups }: Policy, name: string): boolean {
  const group = groups[name];
  return group !== undefined && group.slack.length + group.slackGroups.length > 0;
}

/** A request for "*" is only covered by an approval for "*": what is left over would be what nobody approves. */
function covers({ clusters, namespaces }: Rule, { cluster, namespace }: Place): boolean {
  const fits = (names: string[], name: string) => names.includes('*') || names.includes(name);
  return fits(clusters, cluster) && fits(namespaces, namespace);
}
