/**
 * `20261126-174158`: the second (UTC) of the declaration, which the room is named by; `-2`, `-3` ... where an incident of that second is
 * there already.
 */
export function incidentIdAt(ms: number, count: number): string {
  const [day = '', time = ''] = new Date(ms)
    .toISOString()
    .slice(0, 19)
    .replaceAll('-', '')
    .replaceAll(':', '')
    .split('T');
  return `${day}-${time}${count > 1 ? `-${count}` : ''}`;
}
