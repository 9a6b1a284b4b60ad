/**
 * What Slack delivers for what a person typed: `&`, `<` and `>` come escaped, so that a bare `<...>` is Slack's own: a mention, a
 * channel, or what Slack took for a link. One pass over the text, so that nothing is unescaped twice.
 */
const MARKUP = /<([^<>]*)>|&(?:amp|lt|gt);/g;
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** The text as it was typed; mentions and channels by their ids alone. */
export function readMarkup(text: string): string {
  return text.replace(MARKUP, (found, inner: string | undefined) =>
    inner === undefined ? (ENTITIES[found] ?? found) : readSpan(inner),
  );
}

/** Text of any origin as Slack's markup shows it literally. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (char) => (char === '&' ? '&amp;' : char === '<' ? '&lt;' : '&gt;'));
}

function readSpan(inner: string): string {
  const bar = inner.indexOf('|');
  const to = unescapeEntities(bar === -1 ? inner : inner.slice(0, bar));
  // A mention's label is a name that anybody may choose: only the id counts.
  if (/^[@#!]/.test(to)) return `<${to}>`;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(to)) return `<${unescapeEntities(inner)}>`;
  const label = bar === -1 ? undefined : unescapeEntities(inner.slice(bar + 1));
  return label !== undefined && isAutoLinked(to, label) ? label : to;
}

/** Slack makes `shop.prod` a link to `http://shop.prod`, and `a@b.c` one to `mailto:a@b.c`. Any other label could say anything. */
function isAutoLinked(to: string, label: string): boolean {
  return ['', 'http://', 'https://', 'mailto:', 'tel:'].some((scheme) =>
    [`${scheme}${label}`, `${scheme}${label}/`].includes(to),
  );
}

function unescapeEntities(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}
