import { inject } from 'vitest';
import { enforcerContract } from '#ports/enforcer/contract.ts';
import { freeradiusSubject } from './testing/subject.ts';

enforcerContract('FreeRADIUS on MariaDB', () => freeradiusSubject(inject('mariadbUrl')));
enforcerContract('FreeRADIUS on PostgreSQL', () => freeradiusSubject(inject('postgresUrl')));
