{{/* A variable from a key of a Secret. Takes `variable` and `secret`. */}}
{{- define "customer-gateway.secretVariable" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret.name }}
      key: {{ .secret.key | default .variable }}
{{- end }}

{{/* The settings of all components. */}}
{{- define "customer-gateway.settings" -}}
- name: NODE_ENV
  value: production
- name: PORT
  value: {{ include "customer-gateway.port" . | quote }}
{{- range $variable, $value := .Values.settings }}
- name: {{ $variable }}
  {{- /* YAML reads `on` as true. JSON prints a number without an exponent. */}}
  {{- if kindIs "bool" $value }}
  value: {{ ternary "on" "off" $value | quote }}
  {{- else if kindIs "string" $value }}
  value: {{ $value | quote }}
  {{- else }}
  value: {{ $value | toJson | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The settings of a gateway or a worker. */}}
{{- define "customer-gateway.serviceSettings" -}}
{{ include "customer-gateway.settings" . }}
{{- range $variable, $secret := .Values.secrets }}
{{ include "customer-gateway.secretVariable" (dict "variable" $variable "secret" $secret) }}
{{- end }}
- name: MIGRATE
  value: 'off'
- name: WEBHOOKS
  value: {{ ternary "off" "on" .Values.worker.enabled | quote }}
{{- end }}
