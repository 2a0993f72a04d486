import { assetTrackerContract } from './contract.ts';
import { createFakeTracker } from './fake.ts';

assetTrackerContract('fake', async () => {
  const tracker = createFakeTracker();
  const { stock } = tracker;
  return {
    tracker,
    parts: ['1', '2'],
    technicians: [
      { id: 'a', name: 'Budi' },
      { id: 'b', name: 'Budi' },
    ],
    customers: [
      { id: 'c', code: 'CKP0001', name: 'Siti' },
      { id: 'd', code: 'CKP0002', name: 'Siti' },
    ],
    put: async (serial, part = '1') => stock.add(serial, part).ref,
    carry: async (ref, to) =>
      stock.change(ref, { at: 'place' in to ? stock.placeAt(to.place) : stock.customerAt(to.customer) }),
    judge: async (ref, status) => stock.change(ref, { status }),
    remove: async (ref) => stock.remove(ref),
    history: async (ref) => stock.moves.filter((row) => row.ref === ref).length,
    feel: tracker.feel,
    forbid: () => tracker.feel('forbidden'),
    loseNextAnswer: tracker.loseNextAnswer,
    amidst: tracker.amidst,
    close: async () => undefined,
  };
});
