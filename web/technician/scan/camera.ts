export type Camera = {
  readonly stream: MediaStream;
  readonly hasTorch: boolean;
  setTorch(on: boolean): Promise<void>;
  stop(): void;
};

/** What browsers with a torch say beside the standard (Image Capture). */
type WithTorch = MediaTrackCapabilities & { readonly torch?: boolean };
type TorchConstraint = MediaTrackConstraintSet & { readonly torch: boolean };

/** The camera at the back. Throws where there is none, or none is allowed. */
export async function openCamera(): Promise<Camera> {
  const video = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
  const [track] = stream.getVideoTracks();
  const can: WithTorch = track?.getCapabilities?.() ?? {};
  return {
    stream,
    hasTorch: can.torch === true,
    setTorch: async (on) => {
      const torch: TorchConstraint = { torch: on };
      await track?.applyConstraints({ advanced: [torch] });
    },
    stop: () => {
      for (const one of stream.getTracks()) one.stop();
    },
  };
}
