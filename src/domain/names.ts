import { z } from 'zod';

/** Names as Kubernetes checks them: apimachinery `pkg/util/validation/validation.go` (IsDNS1123Label, IsDNS1123Subdomain). */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_RULE = 'must be lower-case letters, digits and "-", and begin and end with a letter or digit';

/** Why the text is no DNS label (a namespace's or service's name), or undefined if it is one. */
export function explainLabel(text: string, longest = 63): string | undefined {
  if (/[*?[\]]/.test(text)) return 'must be one exact name; wildcards are not accepted';
  if (text.length > longest) return `must have at most ${longest} characters`;
  return LABEL.test(text) ? undefined : LABEL_RULE;
}

/** Why the text is no DNS subdomain (most objects' names), or undefined if it is one. */
export function explainSubdomain(text: string): string | undefined {
  if (/[*?[\]]/.test(text)) return 'must be one exact name; wildcards are not accepted';
  if (text.length > 253) return 'must have at most 253 characters';
  return text.split('.').every((part) => LABEL.test(part)) ? undefined : `${LABEL_RULE} (dots may join such parts)`;
}

/** A schema for the texts that `explain` finds nothing wrong with. */
function namedBy(explain: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const message = explain(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

export const NamespaceName = namedBy((text) => explainLabel(text));
export const ServiceName = namedBy((text) => explainLabel(text));
export const StepId = namedBy((text) => explainLabel(text, 20));
