import { DrError } from '../errors.ts';

/** Stands where a way to the outside is not configured: no effect that needs it is wanted, so whoever uses it has a defect. */
export function unconfigured<T extends object>(what: string): T {
  const refuse = () => {
    throw new DrError({
      code: 'CONFIG_INVALID',
      message: `${what} is not configured.`,
      action: '.env.example explains each variable.',
    });
  };
  return new Proxy({} as T, { get: refuse });
}
