import type { Answer } from '../http/call.ts';
import { ok } from '../http/call.ts';
import type { World } from '../world/world.ts';

const versionOf = (api: number): string => {
  if (api >= 511) return '1.5.0 dev';
  const since = [
    [477, '1.4.0'],
    [453, '1.3.0'],
    [422, '1.2.0'],
    [390, '1.1.7'],
    [381, '1.0.0'],
  ] as const;
  return since.find(([first]) => api >= first)?.[1] ?? '0.17.14';
};

/** `GET /api/`, which needs no login and tells an anonymous caller little. */
export const showRoot = (world: World): Answer =>
  ok({
    server: 'InvenTree',
    id: null,
    version: versionOf(world.apiVersion),
    instance: 'InvenTree',
    apiVersion: world.apiVersion,
    worker_running: world.isWorkerRunning,
    worker_count: 1,
    worker_pending_tasks: 0,
    plugins_enabled: true,
    plugins_install_disabled: true,
    email_configured: false,
    debug_mode: false,
    docker_mode: false,
    default_locale: 'en-us',
    customize: {
      logo: '/static/img/inventree.png',
      splash: '/static/img/inventree_splash.jpg',
      login_message: null,
      navbar_message: null,
      ...(world.apiVersion >= 511 ? { disable_theme_storage: false } : {}),
    },
    active_plugins: [{ name: 'InvenTreeBarcode', slug: 'inventreebarcode', version: '2.1.0' }],
    system_health: null,
    database: null,
    platform: null,
    installer: null,
    target: null,
    django_admin: null,
    settings: { sso_registration: false, registration_enabled: false, password_forgotten_enabled: true },
  });
