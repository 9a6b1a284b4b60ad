import { registerHooks } from 'node:module';

/** Of the SDK's generated code, the only two things that reading a kubeconfig names. */
const NAMED = { createConfiguration: 'configuration.js', ServerConfiguration: 'servers.js' };

/**
 * The SDK's reader of kubeconfigs, without its generated models of every kind there is: these take 30 MB and most of a start, and Muster
 * asks by plain HTTP. Imported late all the same: most commands need no cluster.
 */
export async function loadKubeConfig() {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const from = context.parentURL;
      if (specifier !== './gen/index.js' || from?.includes('/@kubernetes/client-node/') !== true)
        return next(specifier, context);
      return {
        shortCircuit: true,
        format: 'module',
        url: `data:text/javascript,${encodeURIComponent(listNamed(from))}`,
      };
    },
  });
  try {
    return (await import('@kubernetes/client-node/dist/config.js')).KubeConfig;
  } finally {
    hooks.deregister();
  }
}

function listNamed(from: string): string {
  const lines = Object.entries(NAMED).map(
    ([name, file]) => `export { ${name} } from ${JSON.stringify(new URL(`./gen/${file}`, from).href)};`,
  );
  return lines.join('\n');
}
