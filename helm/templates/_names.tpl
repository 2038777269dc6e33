{{- define "labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
{{- end }}

{{- define "contained" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "environment" -}}
{{- range $name, $value := .Values.settings }}
{{- if $value }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "secrets" -}}
{{- range .keys }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.secretName }}, key: {{ . }}, optional: true } }
{{- end }}
{{- end }}

{{- define "certificateMounts" -}}
{{- range $name, $secret := .Values.certificates }}
- { name: {{ printf "%s-ca" $name }}, mountPath: {{ printf "/certificates/%s" $name }}, readOnly: true }
{{- end }}
{{- end }}

{{- define "certificateVolumes" -}}
{{- range $name, $secret := .Values.certificates }}
- { name: {{ printf "%s-ca" $name }}, secret: { secretName: {{ $secret }}, items: [{ key: ca.crt, path: ca.crt }] } }
{{- end }}
{{- end }}
