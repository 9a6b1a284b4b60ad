/** Cuts text to a length in UTF-16 units, which is never less than what Slack counts. A cut is always visible. */

export function cutPlain(text: string, most: number, marker = '…'): string {
  const whole = text.toWellFormed();
  if (whole.length <= most) return whole;
  return `${dropHalf(whole.slice(0, Math.max(0, most - marker.length)))}${marker}`.slice(0, most);
}

/** The same for markup: never inside a mention, a link, an entity, or code that is left open. */
export function cutMarkup(text: string, most: number, marker = '…'): string {
  const whole = text.toWellFormed();
  if (whole.length <= most) return whole;
  // Room for the marker, and for what closes code and bold.
  const room = Math.max(0, most - marker.length - 2);
  let kept = dropHalf(whole.slice(0, room))
    .replace(/<[^<>]*$/, '')
    .replace(/&[a-z]{0,4}$/, '');
  if (count(kept, '`') % 2 === 1) kept += '`';
  return `${kept}${marker}`.slice(0, most);
}

function dropHalf(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
