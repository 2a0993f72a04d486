/** Input that has done harm where it was pasted into SQL (P52). */
export const sqlPayloads: readonly string[] = [
  "'; DROP TABLE customers; --",
  "' OR '1'='1",
  "' OR 1=1 --",
  '" OR ""="',
  "') OR ('1'='1",
  "1; UPDATE users SET role = 'platform_owner'",
  "' UNION SELECT password_hash FROM users --",
  "'; SELECT pg_sleep(5); --",
  "'||(SELECT current_user)||'",
  "\\'; DELETE FROM tenants; --",
  "'; SET app.tenant_id = ''; --",
  '$1',
  '%27%20OR%201=1',
  "Robert'); DROP TABLE tenants;--",
  "'/**/OR/**/1=1#",
  '`; DROP DATABASE radius; --`',
];

/** Input that has run where it was put into a page (P53). Each would set `window.ran`, or ask for `/ran`. */
export const scriptPayloads: readonly string[] = [
  '<script>window.ran=1</script>',
  '"><script>window.ran=1</script>',
  "'><script>window.ran=1</script>",
  '</script><script>window.ran=1</script>',
  '<img src=x onerror=window.ran=1>',
  '<svg onload=window.ran=1>',
  '<svg><animate onbegin=window.ran=1 attributeName=x dur=1s>',
  '<body onload=window.ran=1>',
  '<iframe srcdoc="<script>parent.ran=1</script>">',
  '<a href="javascript:window.ran=1">x</a>',
  'javascript:window.ran=1',
  '<details open ontoggle=window.ran=1>',
  '<math><mtext><table><mglyph><style><img src onerror=window.ran=1>',
  '{{constructor.constructor("window.ran=1")()}}',
  '<input autofocus onfocus=window.ran=1>',
  '<<script>window.ran=1;//<</script>',
];
