import { PageFrame, type PageProps } from '../../app/parts/page.tsx';
import { QueueBar } from './queue-bar.tsx';

/** A page of the technician's: the queue is in plain sight on each. */
export const Page = (page: PageProps) => <PageFrame {...page} bar={<QueueBar />} />;
