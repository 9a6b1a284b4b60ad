import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config.ts';
import { DEPLOY, findManifest, podOf, readManifests } from './manifests.ts';

interface Service {
  image: string;
  environment: Record<string, string>;
  ports?: string[];
  volumes: string[];
  [field: string]: unknown;
}

const { services } = parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8')) as {
  services: Record<'muster' | 'redis', Service>;
};

test('compose runs the same images as Kubernetes, as little privileged', () => {
  const images = [
    findManifest(readManifests('base'), 'Deployment', 'muster'),
    findManifest(readManifests('redis'), 'StatefulSet', 'muster-redis'),
  ].map((workload) => podOf(workload).containers[0]?.image);
  expect([services.muster.image, services.redis.image]).toEqual(images);
  for (const service of Object.values(services))
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
    });
});

test('Redis is published nowhere, Muster on this machine only', () => {
  expect(services.redis.ports).toBeUndefined();
  expect(services.muster.ports).toEqual(['127.0.0.1:3000:3000']);
});

test('both are watched, and Muster starts after Redis', () => {
  expect(services.redis['healthcheck']).toMatchObject({
    test: ['CMD-SHELL', expect.stringContaining('redis-cli ping')],
  });
  expect(readFileSync(join(DEPLOY, '../Dockerfile'), 'utf8')).toContain('HEALTHCHECK');
  expect(services.muster['depends_on']).toEqual({ redis: { condition: 'service_healthy' } });
  expect(services.muster['stop_grace_period']).toBe('30s');
});

test('the environment is one that config.ts knows, and no secret is written down', () => {
  expect(Object.keys(services.muster.environment).filter((name) => !VARIABLES.includes(name))).toEqual([]);
  expect(services.muster.environment['REDIS_URL']).toMatch(/^redis:\/\/:\$\{REDIS_PASSWORD:\?.*\}@redis:6379$/);
  expect(services.muster.environment['ROUTING_FILE']).toBe('${ROUTING:+/etc/muster/routing.yaml}');
  expect(services.muster.volumes).toContain('${ROUTING:-/dev/null}:/etc/muster/routing.yaml:ro');
  expect(services.redis.environment['REDIS_PASSWORD']).toBe('${REDIS_PASSWORD:?}');
  expect(services.muster['env_file']).toEqual([{ path: '../.env', required: false }]);
});
