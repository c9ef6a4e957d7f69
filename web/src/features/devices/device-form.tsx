export default function DeviceForm({ onClose }: { onClose: () => void; onDone: (device: { name: string }) => void }) {
  return <button onClick={onClose}>close</button>;
}
