/** An option that is a count: `--limit 20`; a sentence where it is none. */
export function parseCount(
  option: string,
  text: string | undefined,
  { unless, most }: { unless: number; most: number },
): { count: number } | { message: string } {
  if (text === undefined) return { count: unless };
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return { count };
  return { message: `--${option} must be a number from 1 to ${most}, not "${text}".` };
}
